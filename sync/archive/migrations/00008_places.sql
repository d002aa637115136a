-- +goose Up

-- The last place that a file was given: one that is gone takes its own away, and nobody else gets it, since others have read past it.
CREATE TABLE file_places (
	last BIGINT NOT NULL
);
INSERT INTO file_places (last) SELECT coalesce(max(place), 0) FROM files;
