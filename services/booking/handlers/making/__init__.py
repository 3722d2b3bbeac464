"""Making a booking: kept first, wished for, admitted, written; a repeated wish is answered once (PRODUCT B1 to B13)."""
