/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/position.h"

#include <stdio.h>
#include <string.h>

#include "base/crc32c.h"
#include "json/document.h"
#include "json/json_out.h"
#include "json/node.h"

#define FILE_MAX 65536
#define DECIMALS 3

static void put_damage(struct json_out *out, const struct position_damage *damage)
{
	json_out_key(out, "damage");
	json_out_object(out);
	json_out_key(out, "segment");
	json_out_uint(out, damage->segment);
	json_out_key(out, "offset");
	json_out_uint(out, damage->offset);
	json_out_key(out, "length");
	json_out_uint(out, damage->length);
	json_out_key(out, "crc");
	json_out_uint(out, damage->crc);
	json_out_object_end(out);
}

static void put_place(struct json_out *out, const char *key, const struct position_place *place)
{
	json_out_key(out, key);
	json_out_object(out);
	json_out_key(out, "boot");
	json_out_string(out, place->boot);
	json_out_key(out, "seq");
	json_out_uint(out, place->seq);
	json_out_key(out, "segment");
	json_out_uint(out, place->segment);
	json_out_key(out, "offset");
	json_out_uint(out, place->offset);
	if (place->damage.length > 0)
		put_damage(out, &place->damage);
	json_out_object_end(out);
}

static void put_text(struct json_out *out, const char *key, const char *text)
{
	json_out_key(out, key);
	json_out_string(out, text);
}

static void put_backlog(struct json_out *out, const struct position *position)
{
	json_out_key(out, "backlog");
	json_out_object(out);
	json_out_key(out, "records");
	json_out_uint(out, position->backlog.records);
	json_out_key(out, "bytes");
	json_out_uint(out, position->backlog.bytes);
	json_out_key(out, "age_s");
	json_out_number(out, position->backlog.age_s, DECIMALS);
	json_out_object_end(out);
}

static void put_failures(struct json_out *out, const struct position *position)
{
	json_out_key(out, "failures");
	json_out_object(out);
	for (int i = 0; i < FAILURES; i++) {
		if (position->failures[i] == 0)
			continue;
		json_out_key(out, failure_name((enum failure)i));
		json_out_uint(out, position->failures[i]);
	}
	json_out_object_end(out);
}

static void put_places(struct json_out *out, const struct position *position)
{
	put_place(out, "sent", &position->sent);
	put_place(out, "stored", &position->stored);
	put_place(out, "main_stored", &position->main_stored);
	json_out_key(out, "events");
	json_out_object(out);
	put_place(out, "sent", &position->events_sent);
	put_place(out, "stored", &position->events_stored);
	json_out_object_end(out);
}

int position_encode(const struct position *position, char *text, size_t size)
{
	struct json_out out;

	json_out_init(&out, text, size);
	json_out_object(&out);
	put_text(&out, "schema", POSITION_SCHEMA);
	put_text(&out, "sink", position->sink);
	put_text(&out, "spool", position->spool);
	if (position->peer[0])
		put_text(&out, "peer", position->peer);
	put_places(&out, position);
	put_backlog(&out, position);
	put_failures(&out, position);
	json_out_key(&out, "last_success");
	json_out_time(&out, position->last_success);
	if (position->confirmed.ns > 0) {
		json_out_key(&out, "confirmed");
		json_out_time(&out, position->confirmed);
	}
	json_out_key(&out, "clock_offset_s");
	if (position->has_offset)
		json_out_number(&out, position->clock_offset_s, DECIMALS);
	else
		json_out_null(&out);
	json_out_key(&out, "updated");
	json_out_time(&out, position->updated);
	json_out_object_end(&out);
	json_out_newline(&out);
	return json_out_end(&out);
}

static void get_text(const struct node *object, const char *key, char *buffer, size_t size)
{
	const struct node member = node_member(object, key);
	const char *text = node_text(&member);

	snprintf(buffer, size, "%s", text && strlen(text) < size ? text : "");
}

static uint64_t get_count(const struct node *object, const char *key)
{
	const struct node member = node_member(object, key);
	uint64_t value = 0;

	return node_unsigned(&member, &value) ? value : 0;
}

static struct bw_wall get_time(const struct node *object, const char *key)
{
	const struct node member = node_member(object, key);
	const char *text = node_text(&member);
	struct bw_wall time;

	return text && bw_wall_parse(text, &time) == 0 ? time : (struct bw_wall){0};
}

static void get_place(const struct node *object, const char *key, struct position_place *place)
{
	const struct node member = node_member(object, key);
	const struct node damage = node_member(&member, "damage");

	get_text(&member, "boot", place->boot, sizeof(place->boot));
	place->seq = get_count(&member, "seq");
	place->segment = get_count(&member, "segment");
	place->offset = get_count(&member, "offset");
	place->damage.segment = get_count(&damage, "segment");
	place->damage.offset = get_count(&damage, "offset");
	place->damage.length = get_count(&damage, "length");
	place->damage.crc = (uint32_t)get_count(&damage, "crc");
}

static void get_numbers(const struct node *root, struct position *position)
{
	const struct node backlog = node_member(root, "backlog");
	const struct node age = node_member(&backlog, "age_s");
	const struct node failures = node_member(root, "failures");
	const struct node offset = node_member(root, "clock_offset_s");

	position->backlog.records = get_count(&backlog, "records");
	position->backlog.bytes = get_count(&backlog, "bytes");
	position->backlog.age_s = node_number(&age);
	for (int i = 0; i < FAILURES; i++)
		position->failures[i] = get_count(&failures, failure_name((enum failure)i));
	position->has_offset = node_is_number(&offset);
	position->clock_offset_s = node_number(&offset);
}

static int get_position(const struct node *root, struct position *position, struct bw_err *err)
{
	const struct node events = node_member(root, "events");
	char schema[POSITION_NAME];

	get_text(root, "schema", schema, sizeof(schema));
	if (strcmp(schema, POSITION_SCHEMA) != 0)
		return bw_err_set(err, BW_ERR_VALUE, "is no position: \"schema\" is not '%s'",
				  POSITION_SCHEMA);
	get_text(root, "sink", position->sink, sizeof(position->sink));
	get_text(root, "spool", position->spool, sizeof(position->spool));
	get_text(root, "peer", position->peer, sizeof(position->peer));
	get_place(root, "sent", &position->sent);
	get_place(root, "stored", &position->stored);
	get_place(root, "main_stored", &position->main_stored);
	get_place(&events, "sent", &position->events_sent);
	get_place(&events, "stored", &position->events_stored);
	get_numbers(root, position);
	position->last_success = get_time(root, "last_success");
	position->confirmed = get_time(root, "confirmed");
	position->updated = get_time(root, "updated");
	return 0;
}

int position_decode(const char *text, size_t length, struct position *ret_position,
		    struct bw_err *err)
{
	static const struct document_form form = {.max = FILE_MAX, .wide = true};
	struct document document = {.file = NULL, .err = err};
	struct position position = {0};
	int code = document_parse(&document, &form, text, length);

	if (code < 0)
		return code;
	const struct node root = node_root(&document);

	code = get_position(&root, &position, err);
	document_fini(&document);
	if (code == 0)
		*ret_position = position;
	return code;
}

void position_damage_add(struct position_damage *damage, uint64_t segment, uint64_t offset,
			 const char *bytes, size_t length)
{
	if (damage->length == 0 || damage->segment != segment ||
	    damage->offset + damage->length != offset)
		*damage = (struct position_damage){.segment = segment, .offset = offset};
	damage->crc = crc32c(damage->crc, bytes, length);
	damage->length += length;
}

bool position_is_same(const struct position_place *a, const struct position_place *b)
{
	return a->segment == b->segment && a->offset == b->offset && a->seq == b->seq &&
	       a->damage.segment == b->damage.segment && a->damage.offset == b->damage.offset &&
	       a->damage.length == b->damage.length && strcmp(a->boot, b->boot) == 0;
}

bool position_is_before(const struct position_place *a, const struct position_place *b)
{
	if (strcmp(a->boot, b->boot) == 0 && a->boot[0])
		return a->seq < b->seq;
	if (a->segment != b->segment)
		return a->segment < b->segment;
	return a->offset < b->offset;
}
