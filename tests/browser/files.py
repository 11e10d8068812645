"""Checklists that make the reader ask, or refuse."""

AMBIGUOUS = b"Clause,Rating,Observation\n4.1,Yes,Context register\n4.2,Partial,Half of the parties\n4.3,No,Nothing\n"
BROKEN = b"Clause,Rating,Observation\n4.1,3,Context register\n44.9,2,No such clause\n4.3,9,No such level\n"
