-- +goose Up

-- Batches that moved to the end of the shelf since the project's centre was last announced, because an archive brought them up that had them from
-- elsewhere: once for each that brings one, so that nothing goes round for ever.
CREATE TABLE moved (
	batch  BLOB NOT NULL,
	origin TEXT NOT NULL,
	PRIMARY KEY (batch, origin)
);
