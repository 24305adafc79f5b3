"""What is wrong with this computer, and the line that mends it."""
