"""Text that was read in a wrong codec: how a wrong reading is undone, and which stretches of a text look misread."""
