-- +goose Up

-- How many interviews a form has: counting a million takes too long for a page. Made, like interviews.
CREATE TABLE totals (
	form TEXT PRIMARY KEY,
	n    INTEGER NOT NULL
);
INSERT INTO totals SELECT form, count(*) FROM interviews GROUP BY form;
