-- Error of unique_chatters: null while the number is exact, else the relative standard error of the estimate.

ALTER TABLE chat_summary_minute ADD COLUMN unique_chatters_error double precision;
