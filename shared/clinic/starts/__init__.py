"""When appointments may start: days as cells and bits, the three slot modes, the window, what makes a start legal."""
