// Views over views of an account that may do little, on a primary: a dump has them before its accounts.

/** Over the table `customers` of the database. */
export const viewsOfAccounts = (database: string) => `mysql <<'END'
CREATE DATABASE IF NOT EXISTS over_views;
CREATE TABLE IF NOT EXISTS over_views.t (id INT PRIMARY KEY);
CREATE USER IF NOT EXISTS 'app'@'10.%' IDENTIFIED BY 'Over-views-1';
GRANT SELECT ON ${database}.customers TO 'app'@'10.%';
CREATE OR REPLACE DEFINER='app'@'10.%' SQL SECURITY DEFINER VIEW over_views.v1 AS SELECT * FROM ${database}.customers;
CREATE OR REPLACE DEFINER='nobody'@'nowhere' SQL SECURITY INVOKER VIEW over_views.v2 AS SELECT * FROM over_views.v1;
END`;
export const privilegesOfApp = `mysql -N -e "SHOW GRANTS FOR 'app'@'10.%'; SELECT user, host FROM mysql.user ORDER BY 1, 2"`;
export const withoutViews = `mysql -e "DROP DATABASE IF EXISTS over_views; DROP USER IF EXISTS 'app'@'10.%'"`;
