"""By what, when and with which of their details patients may be told, as the clinic document says."""
