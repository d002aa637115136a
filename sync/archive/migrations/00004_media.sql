-- +goose Up

-- Made. Files that entries refer to: of which interview (x'' for files of a form version), as which type, said by which device's
-- entry first. Whether a file is here, the table files says.
CREATE TABLE media (
	id        BLOB    NOT NULL,
	interview BLOB    NOT NULL,
	device    TEXT    NOT NULL,
	size      INTEGER NOT NULL,
	type      TEXT    NOT NULL,
	seq       INTEGER NOT NULL,
	PRIMARY KEY (id, interview, device)
);
CREATE INDEX media_interview ON media (interview, id);

-- Files that are whole in the folder media, in the order in which they came. origin is the archive that they were fetched from, '' for none.
CREATE TABLE files (
	place    INTEGER PRIMARY KEY,
	id       BLOB    NOT NULL UNIQUE,
	size     INTEGER NOT NULL,
	device   TEXT    NOT NULL,
	origin   TEXT    NOT NULL,
	received INTEGER NOT NULL
);

-- Files that came and were not what their name says. The bytes lie in the folder media/aside; kept is '' where they were too many to keep.
CREATE TABLE spoilt (
	n      INTEGER PRIMARY KEY,
	id     BLOB    NOT NULL,
	got    BLOB    NOT NULL,
	size   INTEGER NOT NULL,
	device TEXT    NOT NULL,
	at     INTEGER NOT NULL,
	kept   TEXT    NOT NULL
);

-- What the central collector has told a device to have.
CREATE TABLE told_files (
	device TEXT NOT NULL,
	id     BLOB NOT NULL,
	PRIMARY KEY (device, id)
);

-- Of a hub: how far it read which files another archive has, and how far it brought its own; and what that archive has and is not here.
CREATE TABLE media_peers (
	archive TEXT    PRIMARY KEY,
	pulled  INTEGER NOT NULL,
	pushed  INTEGER NOT NULL
);
CREATE TABLE offered (
	archive TEXT    NOT NULL,
	id      BLOB    NOT NULL,
	size    INTEGER NOT NULL,
	PRIMARY KEY (archive, id)
);
