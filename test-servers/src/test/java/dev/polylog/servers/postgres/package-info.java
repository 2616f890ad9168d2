/** The PostgreSQL servers keep what they acknowledge, and come and go as they are told. */
@org.jspecify.annotations.NullMarked
package dev.polylog.servers.postgres;
