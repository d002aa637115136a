-- +goose Up

-- The only truth: what came, as it came. seq is the place in the feed that devices read on from; an entry that is
-- understood late moves to the feed's end. received is in milliseconds since 1970, zone the collector's seconds east of UTC.
CREATE TABLE entries (
	seq       INTEGER PRIMARY KEY,
	id        BLOB    NOT NULL,
	kind      TEXT    NOT NULL,
	interview BLOB,
	device    TEXT    NOT NULL,
	sender    TEXT    NOT NULL,
	batch     BLOB,
	via       TEXT    NOT NULL,
	received  INTEGER NOT NULL,
	zone      INTEGER NOT NULL,
	body      BLOB    NOT NULL,
	UNIQUE (id, kind)
);
CREATE INDEX entries_interview ON entries (interview, device) WHERE interview IS NOT NULL;
CREATE INDEX entries_other ON entries (seq) WHERE kind <> 'revision';

-- Entries that were not understood, and why. form and version when a form's coming would release them.
CREATE TABLE aside (
	seq     INTEGER PRIMARY KEY,
	reason  TEXT NOT NULL,
	form    TEXT NOT NULL,
	version TEXT NOT NULL
);
CREATE INDEX aside_form ON aside (form, version);

-- Published form versions; the source lies in the entry.
CREATE TABLE forms (
	form          TEXT    NOT NULL,
	version       TEXT    NOT NULL,
	seq           INTEGER NOT NULL,
	title         TEXT    NOT NULL,
	dictionary_id INTEGER NOT NULL,
	dictionary    BLOB    NOT NULL,
	PRIMARY KEY (form, version)
);

-- Where answers lie: table n holds rows of a form or of one of its repeats ('' for the form itself), its columns are c1, c2, ...
CREATE TABLE layout_tables (
	n      INTEGER PRIMARY KEY,
	form   TEXT    NOT NULL,
	repeat TEXT    NOT NULL,
	part   INTEGER NOT NULL
);
CREATE TABLE layout_columns (
	n    INTEGER NOT NULL,
	c    INTEGER NOT NULL,
	path TEXT    NOT NULL,
	kind INTEGER NOT NULL,
	PRIMARY KEY (n, c)
);

-- Who wrote in which interview: since is the seq of a device's first revision there, last the highest of one it has not written itself.
CREATE TABLE parts (
	interview BLOB    NOT NULL,
	device    TEXT    NOT NULL,
	since     INTEGER NOT NULL,
	last      INTEGER NOT NULL,
	PRIMARY KEY (interview, device)
);
CREATE INDEX parts_feed ON parts (device, last);

CREATE TABLE counts (
	device TEXT    NOT NULL,
	day    TEXT    NOT NULL,
	n      INTEGER NOT NULL,
	PRIMARY KEY (device, day)
);

-- Interviews whose revisions have changed since they were merged; mark is the seq of the last change.
CREATE TABLE dirty (
	interview BLOB PRIMARY KEY,
	mark      INTEGER NOT NULL
);
CREATE INDEX dirty_mark ON dirty (mark);

CREATE TABLE interviews (
	id         BLOB    PRIMARY KEY,
	form       TEXT    NOT NULL,
	version    TEXT    NOT NULL,
	name       TEXT    NOT NULL,
	device     TEXT    NOT NULL,
	by_name    TEXT    NOT NULL,
	final      INTEGER NOT NULL,
	incomplete INTEGER NOT NULL,
	conflicts  INTEGER NOT NULL,
	flags      INTEGER NOT NULL,
	flag_list  TEXT    NOT NULL,
	received   INTEGER NOT NULL,
	at         TEXT    NOT NULL
);
CREATE INDEX interviews_form ON interviews (form, id);
CREATE INDEX interviews_device ON interviews (device, id);
CREATE INDEX interviews_conflicts ON interviews (id) WHERE conflicts > 0;
CREATE INDEX interviews_incomplete ON interviews (id) WHERE incomplete > 0;

CREATE TABLE conflicts (
	interview  BLOB NOT NULL,
	path       TEXT NOT NULL,
	candidates TEXT NOT NULL,
	PRIMARY KEY (interview, path)
);

CREATE TABLE devices (
	id         TEXT    PRIMARY KEY,
	name       TEXT    NOT NULL,
	role       TEXT    NOT NULL,
	enrolled   INTEGER NOT NULL,
	invitation BLOB,
	seen       INTEGER NOT NULL,
	clock      INTEGER NOT NULL,
	revoked    INTEGER NOT NULL
);

CREATE TABLE invitations (
	hash  BLOB    PRIMARY KEY,
	role  TEXT    NOT NULL,
	uses  INTEGER NOT NULL,
	until INTEGER NOT NULL
);

CREATE TABLE settings (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
);

-- generation counts changes to forms and layout, so that every process reads them again in time.
CREATE TABLE generation (n INTEGER NOT NULL);
INSERT INTO generation VALUES (1);

CREATE TABLE users (
	name TEXT PRIMARY KEY,
	role TEXT NOT NULL,
	hash TEXT NOT NULL
);

CREATE TABLE audit (
	seq  INTEGER PRIMARY KEY,
	at   INTEGER NOT NULL,
	who  TEXT    NOT NULL,
	what TEXT    NOT NULL
);
