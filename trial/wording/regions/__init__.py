"""One file a region; read by `trial.wording.catalogue`."""
