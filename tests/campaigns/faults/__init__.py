"""The fault campaign: inject every fault in every state and measure how the output ends."""
