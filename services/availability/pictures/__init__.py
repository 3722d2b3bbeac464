"""Pictures as they are sent, and as they are kept: alone here is it known how pictures are read and drawn."""
