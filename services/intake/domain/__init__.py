"""The trade of intake, in plain Python: procedures and their questions, answers, drafts, applications, the calendar."""
