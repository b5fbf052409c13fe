"""The union-fee chain: dated local rules, who is due what, what is collected, what is missing."""
