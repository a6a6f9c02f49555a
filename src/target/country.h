/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_COUNTRY_H
#define TARGET_COUNTRY_H

/*
 * The countries of ISO 3166-1, the registries' own codes AP and EU, and XK. Names are the short
 * ones of the iso-codes project; time zones are those of tzdata's zone.tab, of a country with
 * several that of its capital.
 */
struct country {
	char code[3], code3[4]; /* alpha-2 and alpha-3; code3 "": none */
	const char *name;
	const char *timezone; /* "Pacific/Funafuti"; NULL: none */
};

/* The country with this alpha-2 code in capitals, or NULL. */
const struct country *country_find(const char *code);

/*
 * The country that a code or a name most likely means, case ignored: another code of it (UK,
 * PRK), its name or one that is spelled nearly so, its letters swapped. NULL: none.
 */
const struct country *country_guess(const char *text);

#endif
