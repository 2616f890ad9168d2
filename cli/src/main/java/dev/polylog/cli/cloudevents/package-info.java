/**
 * Events as CloudEvents 1.0 in the JSON format, one a line, so that nothing is lost on the way out and in again.
 *
 * <p>{@link dev.polylog.cli.cloudevents.CloudEventReader} reads any CloudEvent,
 * {@link dev.polylog.cli.cloudevents.CloudEventWriter} writes any event. The mapping:
 *
 * <table>
 * <caption>CloudEvents and events</caption>
 * <tr><th>CloudEvent</th><th>event</th></tr>
 * <tr><td>{@code subject}</td><td>the stream's name</td></tr>
 * <tr><td>{@code type}, {@code datacontenttype}</td><td>type and content type; without the latter it is
 *   {@code application/json}, or {@code application/octet-stream} beside {@code data_base64}</td></tr>
 * <tr><td>{@code id}</td><td>the event's id where it is a UUID; else a name-based one (version 5) made of {@code source}
 *   and {@code id}, and the original in the metadata entry {@code cloudevents.id}</td></tr>
 * <tr><td>{@code source}, {@code time}, {@code dataschema}, extensions</td><td>metadata entries of the same name;
 *   {@code correlationid} and {@code causationid} are {@code correlationId} and {@code causationId}. Which were numbers
 *   or true/false is kept in the entry {@code cloudevents.types}</td></tr>
 * <tr><td>{@code data}</td><td>the payload: the bytes of the JSON text as it stands in the line; where the content type
 *   is not JSON and the value is a text, the text itself in UTF-8</td></tr>
 * <tr><td>{@code data_base64}</td><td>the payload's bytes. Written where the payload is no JSON text on one line</td></tr>
 * <tr><td>{@code polylogversion}, {@code polylogposition}, {@code polylogrecordedat}</td><td>written for readers, ignored
 *   when read</td></tr>
 * <tr><td>{@code polylogmetadata}</td><td>a JSON object in a text: the metadata entries that fit no attribute</td></tr>
 * </table>
 *
 * <p>Two attributes are filled in when an event has no such metadata, and left out again when they are read:
 * {@code source} is then {@code urn:polylog}, and {@code time} equals {@code polylogrecordedat}.
 */
@NullMarked
package dev.polylog.cli.cloudevents;

import org.jspecify.annotations.NullMarked;
