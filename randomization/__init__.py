"""Who gets which arm: a design and a secret give the allocation, the same in any language."""
