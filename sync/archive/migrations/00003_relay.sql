-- +goose Up

-- sealed is 1 for an entry that lies in a batch on the shelf; ahead is by how many milliseconds its device's clock was ahead when it
-- brought the entry itself.
ALTER TABLE entries ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN ahead INTEGER;
CREATE INDEX entries_unsealed ON entries (seq) WHERE sealed = 0;
DROP INDEX entries_other;
CREATE INDEX entries_everybody ON entries (seq) WHERE kind IN ('form', 'revocation', 'setting');

-- The shelf: every batch as it came, and own entries sealed, in the order of arrival. origin is the archive that relayed it, '' for none.
CREATE TABLE batches (
	place    INTEGER PRIMARY KEY,
	id       BLOB    NOT NULL UNIQUE,
	device   TEXT    NOT NULL,
	via      TEXT    NOT NULL,
	origin   TEXT    NOT NULL,
	received INTEGER NOT NULL,
	ahead    INTEGER,
	raw      BLOB    NOT NULL
);

-- Batches that could not be passed up, or not be taken in when they came down, and why. archive is the other collector's, place its or ours.
CREATE TABLE stuck (
	direction TEXT    NOT NULL,
	archive   TEXT    NOT NULL,
	place     INTEGER NOT NULL,
	id        BLOB    NOT NULL,
	device    TEXT    NOT NULL,
	reason    TEXT    NOT NULL,
	at        INTEGER NOT NULL,
	raw       BLOB    NOT NULL,
	PRIMARY KEY (direction, archive, place)
);

-- Collectors that this one asks, by their archives: how far each way, and how it went last.
CREATE TABLE peers (
	archive TEXT    PRIMARY KEY,
	name    TEXT    NOT NULL,
	pulled  INTEGER NOT NULL,
	pushed  INTEGER NOT NULL,
	met     INTEGER NOT NULL
);

-- Made. What was said about a subject: an interview, an assignment, a pair of interviews, the name of a setting.
CREATE TABLE said (
	seq     INTEGER PRIMARY KEY,
	kind    TEXT    NOT NULL,
	subject BLOB    NOT NULL
);
CREATE INDEX said_subject ON said (kind, subject);

-- Made. What concerns a single device: an entry is due at a place in its feed.
CREATE TABLE feed (
	device TEXT    NOT NULL,
	place  INTEGER NOT NULL,
	seq    INTEGER NOT NULL,
	PRIMARY KEY (device, place, seq)
);

-- Made. Batches for which there is a receipt of the central collector.
CREATE TABLE receipts (
	batch BLOB    NOT NULL,
	seq   INTEGER NOT NULL,
	PRIMARY KEY (batch, seq)
);

-- Made. The statement that counts of each assignment. disputed: others stand beside it that differ.
CREATE TABLE assignments (
	id        BLOB    PRIMARY KEY,
	form      TEXT    NOT NULL,
	ea        TEXT    NOT NULL,
	household TEXT    NOT NULL,
	assignee  TEXT    NOT NULL,
	due       TEXT    NOT NULL,
	withdrawn INTEGER NOT NULL,
	disputed  INTEGER NOT NULL,
	stands    BLOB    NOT NULL,
	seq       INTEGER NOT NULL
);
CREATE INDEX assignments_assignee ON assignments (assignee, id);
CREATE INDEX assignments_form ON assignments (form, ea, household, id);

-- How far each device's clock was ahead, in milliseconds, whenever that was learnt.
CREATE TABLE clocks (
	device   TEXT    NOT NULL,
	received INTEGER NOT NULL,
	ahead    INTEGER NOT NULL,
	PRIMARY KEY (device, received)
);

ALTER TABLE invitations ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN replaces TEXT NOT NULL DEFAULT '';

ALTER TABLE interviews ADD COLUMN assignment BLOB;
ALTER TABLE interviews ADD COLUMN verdict TEXT NOT NULL DEFAULT '';
ALTER TABLE interviews ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE interviews ADD COLUMN corrected INTEGER NOT NULL DEFAULT 0;
CREATE INDEX interviews_assignment ON interviews (assignment) WHERE assignment IS NOT NULL;
CREATE INDEX interviews_state ON interviews (state, id) WHERE state <> '';
