/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_H
#define APP_SURVEY_SURVEY_H

#include "app/common/command.h"

/*
 * `blockwatch survey PREFIX|FILE|TARGET|-...`: asks every address once and prints who answers.
 *
 * survey.c has the options. See survey_run.h for the course of a survey, survey_print.h for
 * what is printed, and report/survey for the formats.
 */
extern const struct command survey_command;

#endif
