-- +goose Up

-- Lists of interviews begin with those of which something was received last. Every filter that narrows has an index in that order, which counts
-- what it lets through, too; a list of all goes through interviews_received form by form, so that one index serves both.
CREATE INDEX interviews_received ON interviews (form, received, id);
CREATE INDEX interviews_disputed ON interviews (received, id) WHERE conflicts > 0;

DROP INDEX interviews_device;
CREATE INDEX interviews_device ON interviews (device, received, id);
DROP INDEX interviews_incomplete;
CREATE INDEX interviews_incomplete ON interviews (received, id) WHERE incomplete > 0;
DROP INDEX interviews_state;
CREATE INDEX interviews_state ON interviews (state, received, id) WHERE state <> '';
DROP INDEX interviews_review;
CREATE INDEX interviews_review ON interviews (received, id) WHERE final > 0 AND state IN ('', 'corrected', 'changed');
