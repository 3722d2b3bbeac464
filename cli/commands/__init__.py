"""The commands as they are typed: their options, examples and help, each a thin face over a module of its own."""
