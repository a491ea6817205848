"""Touches: which of them count. One finger acts; STOP, pause and minus always do."""
