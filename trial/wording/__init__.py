"""From findings to texts: pure, so that each rule can be read and tested alone."""
