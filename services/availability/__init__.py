"""Which times a clinic offers."""
