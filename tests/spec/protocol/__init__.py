"""The protocol file"""
