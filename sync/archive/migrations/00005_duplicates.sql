-- +goose Up

-- Made. Interviews that were merged since they were compared with others; mark is the seq of their last change.
CREATE TABLE uncompared (
	interview BLOB    PRIMARY KEY,
	mark      INTEGER NOT NULL
);
INSERT INTO uncompared SELECT id, 0 FROM interviews;

-- Made. What was taken out of each interview to compare it; n grows with every change, so that programs learn what others compared.
CREATE TABLE households (
	interview BLOB    PRIMARY KEY,
	n         INTEGER NOT NULL,
	body      BLOB    NOT NULL
);
CREATE INDEX households_n ON households (n);

-- Made. Pairs of interviews that look like one household, and why.
CREATE TABLE pairs (
	a           BLOB NOT NULL,
	b           BLOB NOT NULL,
	form        TEXT NOT NULL,
	score       REAL NOT NULL,
	probability REAL NOT NULL,
	body        TEXT NOT NULL,
	PRIMARY KEY (a, b)
);
CREATE INDEX pairs_b ON pairs (b);
CREATE INDEX pairs_score ON pairs (score, a, b);

-- Interviews that wait for a coordinator: fieldwork.ToReview.
CREATE INDEX interviews_review ON interviews (id) WHERE final > 0 AND state IN ('', 'corrected', 'changed');
