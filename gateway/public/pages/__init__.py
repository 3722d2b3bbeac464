"""The pages beside the booking: the list of clinics, a personal link, a patient's own page, cards on paper."""
