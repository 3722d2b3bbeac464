"""The HTTP face: public API, staff API and pages."""
