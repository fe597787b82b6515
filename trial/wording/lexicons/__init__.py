"""One file a language and version; read by `trial.wording.lexicon`."""
