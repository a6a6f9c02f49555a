/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_SURVEY_SURVEY_TEXT_H
#define REPORT_SURVEY_SURVEY_TEXT_H

#include "report/survey/survey_answer.h"

/*
 * "198.18.0.1 0.213 ms echo-reply", with the method behind it when WITH_METHOD.
 * LINE has SURVEY_TEXT bytes; returns the length, newline and all.
 */
#define SURVEY_TEXT 160
size_t survey_text(const struct survey_answer *answer, bool with_method, char line[SURVEY_TEXT]);

#endif
