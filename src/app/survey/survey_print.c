/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_print.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/common/log.h"
#include "probe/outcome.h"
#include "report/record/encode.h"
#include "report/survey/survey_progress.h"
#include "report/survey/survey_text.h"
#include "sys/disk/new_file.h"

int survey_print_init(struct survey_print *print, const struct survey_options *options)
{
	char *line;
	int code;

	*print = (struct survey_print){.options = options};
	identity_host(print->host);
	identity_boot(print->boot);
	code = lines_out_init(&print->out, STDOUT_FILENO);
	if (code < 0 || !options->csv)
		return code;
	line = lines_out_line(&print->out, SURVEY_CSV_LINE);
	lines_out_put(&print->out, survey_csv_header(&options->fields, line));
	return 0;
}

void survey_print_fini(struct survey_print *print)
{
	lines_out_fini(&print->out);
}

static int encode(struct survey_print *print, struct record *record, struct bw_now now, char *line)
{
	record->head = (struct record_head){
		.vantage = print->host,
		.boot = print->boot,
		.seq = ++print->seq,
		.time = now.wall,
	};
	return record_encode(record, line, RECORD_LINE_MAX);
}

static void put_record(struct survey_print *print, struct record *record, struct bw_now now)
{
	char *line = lines_out_line(&print->out, RECORD_LINE_MAX);
	int length = line ? encode(print, record, now, line) : 0;

	if (length > 0)
		lines_out_put(&print->out, (size_t)length);
}

static void put_probe(struct survey_print *print, const struct sweep_answer *answer,
		      struct bw_now now)
{
	struct record record = {
		.type = RECORD_PROBE,
		.probe =
			{
				.block = survey_block(&answer->addr),
				.host = answer->addr,
				.method = answer->method,
				.sent = bw_wall_of(now, answer->sent),
				.outcome = outcome_name(answer->is_error ? OUTCOME_ERROR
									 : OUTCOME_REPLY),
				.rtt_ns = answer->rtt_ns,
				.from = answer->from,
				.kind = reply_kind_name(answer->kind),
				.ttl = answer->ttl,
			},
	};

	put_record(print, &record, now);
}

static void put_line(struct survey_print *print, const struct sweep_answer *answer,
		     struct bw_now now, bool in_cooldown)
{
	const struct survey_options *options = print->options;
	struct survey_answer line = {
		.host = answer->addr,
		.from = answer->from,
		.to = answer->to,
		.method = answer->method,
		.kind = answer->kind,
		.is_error = answer->is_error,
		.ttl = answer->ttl,
		.icmp_type = answer->icmp_type,
		.icmp_code = answer->icmp_code,
		.local_port = answer->local_port,
		.brief = answer->brief,
		.at = bw_wall_of(now, answer->at),
		.rtt_ns = answer->rtt_ns,
	};
	char *room = lines_out_line(&print->out, SURVEY_CSV_LINE);

	if (!room)
		return;
	lines_out_put(&print->out,
		      options->csv ? survey_csv_line(&options->fields, &line, in_cooldown, room)
				   : survey_text(&line, options->methods.count > 1, room));
}

void survey_print_answer(struct survey_print *print, const struct sweep_answer *answer,
			 struct bw_now now, bool in_cooldown)
{
	if (answer->is_error ? !print->options->errors : !answer->is_new)
		return;
	if (print->options->json)
		put_probe(print, answer, now);
	else
		put_line(print, answer, now, in_cooldown);
}

void survey_print_record(struct survey_print *print, const struct record_survey *survey,
			 struct bw_now now)
{
	struct record record = {.type = RECORD_SURVEY, .survey = *survey};

	if (print->options->json)
		put_record(print, &record, now);
}

int survey_print_summary(struct survey_print *print, const struct record_survey *survey,
			 struct bw_now now, struct bw_err *err)
{
	struct record record = {.type = RECORD_SURVEY, .survey = *survey};
	const char *path = print->options->summary;
	char line[RECORD_LINE_MAX + 1];
	int code = encode(print, &record, now, line);

	if (code >= 0) {
		line[code] = '\0';
		code = new_file_put(path, line);
	}
	if (code == 0)
		return 0;
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write the summary: %s", bw_error_text(code));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

void survey_print_words(const struct record_survey *survey)
{
	char rate[SURVEY_COUNT_TEXT], duration[BW_DURATION_TEXT], of_asked[48] = "";
	double share = survey->addresses ? (double)survey->answered / (double)survey->addresses : 0;

	if (fabs(share - survey->hit_rate) > 1e-4)
		snprintf(of_asked, sizeof(of_asked), ", %.4g %% of those asked",
			 100 * survey->hit_rate);
	log_info("%" PRIu64 " of %" PRIu64 " addresses answered (%.4g %%%s); %" PRIu64
		 " probes, sent at %s/s; %s in all%s",
		 survey->answered, survey->addresses, 100 * share, of_asked, survey->sent,
		 survey_count_format(survey->rate_pps, rate),
		 bw_duration_format((int64_t)(survey->duration_s * (double)BW_S), duration),
		 !survey->complete ? "; interrupted" : "");
	if (survey->duplicates || survey->rejected || survey->errors)
		log_info("beside them %" PRIu64 " second copies, %" PRIu64 " ICMP errors, %" PRIu64
			 " packets that were no answer to us",
			 survey->duplicates, survey->errors, survey->rejected);
	if (survey->capture_dropped || survey->send_errors || survey->refused)
		log_info("lost here: %" PRIu64 " frames (%.4g %%); not sent: %" PRIu64
			 " errors, %" PRIu64 " on the block list or special-purpose",
			 survey->capture_dropped, 100 * survey->lost_share, survey->send_errors,
			 survey->refused);
}
