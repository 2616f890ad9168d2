/** Tests of the kit's reports and of the specification that it judges by. */
@NullMarked
package dev.polylog.tck.report;

import org.jspecify.annotations.NullMarked;
