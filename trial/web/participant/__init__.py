"""The participants' pages: nothing of the staff's, and no arm but in the text that is read."""
