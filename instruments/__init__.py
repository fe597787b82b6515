"""What is asked and what the answers add up to: the catalogue of questionnaires, answers, scores, change."""
