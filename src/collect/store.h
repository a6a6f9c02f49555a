/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_STORE_H
#define COLLECT_STORE_H

#include "collect/store_rows.h"

/*
 * What the collector asks of a database, as operations: `collect` is pure, adapters (SQLite,
 * PostgreSQL) live in sys/db. Everything between begin and commit happens together or not at
 * all. Each returns 0, BW_ERR_UNAVAILABLE (disk full, server gone) or -EBUSY (stop_waiting()) with
 * a message; after an error the transaction is rolled back by its owner.
 */

#define STORE_FORGET_STEP 5000    /* records that one call deletes; some milliseconds */
#define STORE_FORGET_ROWS 1000    /* the same of other rows */
#define STORE_REPEATS_STEP 131072 /* bytes of repeats that one call takes, likewise */

struct store_ops {
	int (*begin)(void *self, struct bw_err *err);
	int (*commit)(void *self, struct bw_err *err);
	void (*rollback)(void *self);

	int (*put_record)(void *self, const struct store_record *record, struct bw_err *err);
	int (*put_vantage)(void *self, const struct store_vantage *vantage, struct bw_err *err);

	/* Replaces what was taken of a boot, from the range on that FROM is in or touches. */
	int (*put_seen)(void *self, const struct store_seen *seen, struct bw_err *err);

	/* Calls TAKE for each; it returns 0 or an error that ends it. */
	int (*each_vantage)(void *self, int (*take)(void *arg, const struct store_vantage *vantage),
			    void *arg, struct bw_err *err);
	int (*each_seen)(void *self,
			 int (*take)(void *arg, const char *vantage, const char *boot,
				     struct seq_range range),
			 void *arg, struct bw_err *err);

	/*
	 * The same claim (vantage, block, claim_bucket(), verdict) again: the last time at which it
	 * was said counts, and the earlier one of both bounds.
	 */
	int (*put_claim)(void *self, const struct store_claim *claim, struct bw_err *err);
	int (*drop_claim)(void *self, const struct store_claim *claim, struct bw_err *err);
	/* The same block again: what was said earlier counts, of one moment the smaller text. */
	int (*put_place)(void *self, const struct store_place *place, struct bw_err *err);
	/* The same again: what was said later counts, and of one time what came later. */
	int (*put_conditions)(void *self, const struct store_conditions *row, struct bw_err *err);
	/*
	 * What a transaction says once more (collect/follow/repeat_part.h), and when it came.
	 * take_repeats() deletes the oldest ones from before BEFORE (about STORE_REPEATS_STEP) and
	 * gives them to TAKE, which may put claims and conditions; *RET_MORE: there may be others.
	 */
	int (*put_repeats)(void *self, int64_t time_ns, const void *bytes, size_t length,
			   struct bw_err *err);
	int (*each_repeats)(void *self, int (*take)(void *arg, const void *bytes, size_t length),
			    void *arg, struct bw_err *err);
	int (*take_repeats)(void *self, int64_t before_ns,
			    int (*take)(void *arg, const void *bytes, size_t length), void *arg,
			    bool *ret_more, struct bw_err *err);
	/* The same boot again replaces it. */
	int (*put_boot)(void *self, const struct store_boot *row, struct bw_err *err);
	/* The same beginning again: it becomes longer. */
	int (*put_heard)(void *self, const struct store_heard *heard, struct bw_err *err);
	/* The same moment again: "unfit" counts. */
	int (*put_health)(void *self, const struct store_health *health, struct bw_err *err);
	int (*drop_health)(void *self, const char *vantage, int64_t at_ns, struct bw_err *err);
	/* The same beginning again replaces it. */
	int (*put_upstream)(void *self, const struct store_upstream *upstream, struct bw_err *err);
	int (*put_term)(void *self, const struct store_term *term, struct bw_err *err);
	int (*put_title)(void *self, const char *target, const char *title, struct bw_err *err);

	int (*each_claim)(void *self, int (*take)(void *arg, const struct store_claim *claim),
			  void *arg, struct bw_err *err);
	int (*each_place)(void *self, int (*take)(void *arg, const struct store_place *place),
			  void *arg, struct bw_err *err);

	int (*each_conditions)(void *self,
			       int (*take)(void *arg, const struct store_conditions *row),
			       void *arg, struct bw_err *err);
	/* Those that put_boot() was called for, by their last record, the youngest first. */
	int (*each_boot)(void *self, int (*take)(void *arg, const struct store_boot *row),
			 void *arg, struct bw_err *err);

	/* By vantage and time. */
	int (*each_health)(void *self, int (*take)(void *arg, const struct store_health *health),
			   void *arg, struct bw_err *err);
	int (*each_upstream)(void *self,
			     int (*take)(void *arg, const struct store_upstream *upstream),
			     void *arg, struct bw_err *err);

	/* By their beginnings. */
	int (*each_term)(void *self, int (*take)(void *arg, const struct store_term *term),
			 void *arg, struct bw_err *err);
	int (*each_heard)(void *self, int (*take)(void *arg, const struct store_heard *heard),
			  void *arg, struct bw_err *err);
	int (*each_title)(void *self, int (*take)(void *arg, const char *target, const char *title),
			  void *arg, struct bw_err *err);

	/* The same id again replaces it. */
	int (*put_outage)(void *self, const struct store_outage *outage, struct bw_err *err);
	int (*drop_outage)(void *self, uint64_t id, struct bw_err *err);
	/* By their ids. */
	int (*each_outage)(void *self, int (*take)(void *arg, const struct store_outage *outage),
			   void *arg, struct bw_err *err);

	/* The same subject again replaces it. */
	int (*put_kept)(void *self, const struct store_kept *row, struct bw_err *err);
	int (*each_kept)(void *self, int (*take)(void *arg, const struct store_kept *row),
			 void *arg, struct bw_err *err);

	/* The same vantage and subject again replaces it. They are read by time, then key. */
	int (*put_dark_event)(void *self, const struct store_dark_event *event, struct bw_err *err);
	int (*each_dark_event)(void *self,
			       int (*take)(void *arg, const struct store_dark_event *event),
			       void *arg, struct bw_err *err);

	/* TEXT is one JSON object. */
	int (*put_event)(void *self, uint64_t id, int64_t time_ns, const char *text,
			 struct bw_err *err);
	/* Ids below BEFORE, newest first, or above AFTER, oldest first; at most LIMIT. */
	int (*events_before)(void *self, uint64_t before, uint64_t limit,
			     int (*take)(void *arg, uint64_t id, const char *text), void *arg,
			     struct bw_err *err);
	int (*events_after)(void *self, uint64_t after, uint64_t limit,
			    int (*take)(void *arg, uint64_t id, const char *text), void *arg,
			    struct bw_err *err);
	/*
	 * Deletes some of those that were told before a time, but never the last one;
	 * *RET_MORE: there may be more.
	 */
	int (*forget_events)(void *self, int64_t before_ns, bool *ret_more, struct bw_err *err);
	/* 0: there is none. */
	int (*last_event)(void *self, uint64_t *ret_id, struct bw_err *err);

	int (*put_told)(void *self, const struct store_told *told, struct bw_err *err);
	/* Sets verdict, event and outage of what ROW names. */
	int (*get_told)(void *self, struct store_told *row, struct bw_err *err);

	int (*put_message)(void *self, const struct store_message *message, struct bw_err *err);
	/* Calls TAKE for the oldest one of a webhook, if there is one. */
	int (*first_message)(void *self, const char *webhook,
			     int (*take)(void *arg, const struct store_message *message), void *arg,
			     struct bw_err *err);
	int (*drop_message)(void *self, uint64_t number, struct bw_err *err);
	/* Deletes those of a webhook from before a time that later ones supersede. */
	int (*drop_superseded)(void *self, const char *webhook, int64_t before_ns,
			       struct bw_err *err);

	/* Calls TAKE for the name of each webhook that has a message, or was told anything. */
	int (*each_webhook)(void *self, int (*take)(void *arg, const char *webhook), void *arg,
			    struct bw_err *err);
	/* Deletes its messages, and what it was told. */
	int (*drop_webhook)(void *self, const char *webhook, struct bw_err *err);

	/* What a webhook was last told of a topic: a number that its owner gives a meaning. */
	int (*put_webhook_told)(void *self, const char *webhook, const char *topic, int value,
				struct bw_err *err);
	/* *RET_VALUE stays as it is when nothing was told. */
	int (*get_webhook_told)(void *self, const char *webhook, const char *topic, int *ret_value,
				struct bw_err *err);

	/*
	 * Deletes some of the records that are older (STORE_FORGET_STEP, or a whole day of them);
	 * *RET_MORE: there may be more. What was taken stays known.
	 */
	int (*forget_records)(void *self, struct bw_wall before, bool *ret_more,
			      struct bw_err *err);

	/*
	 * What records add to the hourly sums (collect/hourly/hourly_part.h), until it is brought
	 * into days. take_hourly_parts() deletes the oldest ones, as many as have at most so many
	 * bytes together, or one, and gives them to TAKE; *RET_MORE: there may be others. One
	 * collector at a time does so: a part is given once.
	 */
	int (*put_hourly_part)(void *self, const void *bytes, size_t length, struct bw_err *err);
	int (*each_hourly_part)(void *self,
				int (*take)(void *arg, const void *bytes, size_t length), void *arg,
				struct bw_err *err);
	int (*take_hourly_parts)(void *self, size_t most,
				 int (*take)(void *arg, const void *bytes, size_t length),
				 void *arg, bool *ret_more, struct bw_err *err);
	/* The same vantage, subject and day again replaces it. */
	int (*put_hourly_day)(void *self, const struct store_hourly *row, struct bw_err *err);
	/* In the order of the keys, as before the transaction; LENGTH 0: none. TAKE may put. */
	int (*get_hourly_days)(void *self, const struct store_hourly *keys, size_t count,
			       int (*take)(void *arg, size_t n, const void *bytes, size_t length),
			       void *arg, struct bw_err *err);
	/* That day and subject of all vantages that have it, by name. KEY has no vantage. */
	int (*each_hourly_day)(void *self, const struct store_hourly *key,
			       int (*take)(void *arg, const struct store_hourly *row), void *arg,
			       struct bw_err *err);
	/* The first and the last day of which there is any; *RET_FIRST above *RET_LAST: none. */
	int (*hourly_days)(void *self, int64_t *ret_first, int64_t *ret_last, struct bw_err *err);
	/* Deletes some of the rows of days before DAY; *RET_MORE: there may be more. */
	int (*forget_hourly_days)(void *self, int64_t day, bool *ret_more, struct bw_err *err);

	/*
	 * Several collectors may write into one database, in transactions that come one after the
	 * other. The six below are for that; all are NULL where a collector has the database for
	 * itself.
	 *
	 * agree: before anything else. All of them have the same TEXT: while one is connected that
	 * has another, BW_ERR_VALUE. *RET_OTHER, on the heap, is what holds, also after success.
	 *
	 * leads: whether this collector is the one that tells what has changed. One of them at a
	 * time does, and a transaction of another one fails from the moment on in which it does not
	 * lead any more.
	 */
	int (*agree)(void *self, const char *text, char **ret_other, struct bw_err *err);
	bool (*leads)(void *self);
	/* Whether another collector may have written since the last call; true at first. */
	bool (*take_news)(void *self);
	/*
	 * Begins a transaction in which nothing is written, and everything that is read is of one
	 * moment.
	 */
	int (*begin_load)(void *self, struct bw_err *err);
	/* After its end: all was read, and each_admission() goes on from that moment. */
	void (*has_loaded)(void *self);
	/*
	 * Calls TAKE for what other collectors have admitted since then, or since the last call
	 * that returned 0, in the order in which it was committed. After an error the same comes
	 * again. BW_ERR_MISSING: it is not kept any more; the state has to be read anew.
	 */
	int (*each_admission)(void *self,
			      int (*take)(void *arg, const struct store_admission *admission),
			      void *arg, struct bw_err *err);
	/* By their ids, those that were put since the last call, or since each_outage(). */
	int (*each_new_outage)(void *self,
			       int (*take)(void *arg, const struct store_outage *outage), void *arg,
			       struct bw_err *err);

	/*
	 * Looks after the connection to the database, outside of a transaction and without waiting:
	 * notices that it is lost, and goes on to make it anew. *RET_NEXT_NS: it wants to be called
	 * again after so long. Returns 0, or BW_ERR_UNAVAILABLE while there is none. NULL: there is
	 * no connection to look after.
	 */
	int (*watch)(void *self, int64_t *ret_next_ns, struct bw_err *err);

	/*
	 * From now on a lock that another process has on the database is waited for no longer than
	 * some milliseconds, because everybody waits with the caller: begin() then returns -EBUSY.
	 * NULL: the store has no such locks.
	 */
	void (*stop_waiting)(void *self);

	void (*free)(void *self);
};

struct store {
	const struct store_ops *ops;
	void *self; /* owned by the store */
};

#endif
