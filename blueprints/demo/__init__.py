"""The demo practice: two invented consultancies, loaded through the same verbs that people use. Never in production."""
