/** The PostgreSQL servers keep what they acknowledge, and come and go as they are told. */
@NullMarked
package dev.polylog.servers.postgres;

import org.jspecify.annotations.NullMarked;
