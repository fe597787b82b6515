"""What a design will do, on paper: figures, words and a PDF, from numbers that a service has simulated."""

from trial.design_report.model import Advice, Asked, DesignReport, Predictability
from trial.design_report.paper import render
from trial.design_report.words import summary

__all__ = ["Advice", "Asked", "DesignReport", "Predictability", "render", "summary"]
