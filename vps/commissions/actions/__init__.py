"""What is done with commissions: drafted, calculated, approved, booked."""
