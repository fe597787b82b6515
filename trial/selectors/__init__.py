"""What we ask: plain values and querysets. A selector never writes, and never knows an arm."""
