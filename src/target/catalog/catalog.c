/* SPDX-License-Identifier: Apache-2.0 */
#include "target/catalog/catalog.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/suggest.h"
#include "target/catalog/catalog_list.h"
#include "target/country.h"
#include "target/file/file.h"
#include "target/file/parse.h"
#include "target/list/list.h"
#include "target/network.h"

static bool is_path(const char *argument)
{
	return strchr(argument, '/') || catalog_ends_with(argument, ".json") ||
	       catalog_ends_with(argument, ".txt") || catalog_is_file(argument);
}

int catalog_read(const char *path, struct bw_target **ret_target, struct bw_err *err)
{
	char *bytes;
	size_t length;
	int result = file_read(path, &bytes, &length, err);

	if (result < 0)
		return result;
	result = target_parse_any(bytes, length, strcmp(path, "-") == 0 ? FILE_STDIN : path,
				  ret_target, err);
	free(bytes);
	return result;
}

static bool is_country(const struct country *country, const char *name)
{
	return country &&
	       (strcasecmp(country->code, name) == 0 || strcasecmp(country->code3, name) == 0 ||
		strcasecmp(country->name, name) == 0);
}

/* Names have no capitals: KP is kp. False when it cannot be a name. */
static bool fold_name(const char *name, char lower[TARGET_NAME_MAX + 1])
{
	size_t length = strlen(name);

	if (length > TARGET_NAME_MAX)
		return false;
	for (size_t i = 0; i <= length; i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	return target_name_is_valid(lower);
}

/* Whether a target of this valid name comes with blockwatch. */
static bool is_shipped(const char *name)
{
	static const char shipped[] = " " BW_SHIPPED_TARGETS " ";
	char word[TARGET_NAME_MAX + 3];

	snprintf(word, sizeof(word), " %s ", name);
	return strstr(shipped, word) != NULL;
}

static int refuse_shipped(const struct catalog *catalog, const char *name, struct bw_err *err)
{
	return bw_err_set(
		err, BW_ERR_MISSING,
		"no target of this name here, though '%s' is shipped: install blockwatch, "
		"start it where ./targets has the file, or set BLOCKWATCH_TARGET_PATH to "
		"'targets' of the source. Looked in %s",
		name, catalog_path(catalog));
}

/* A country: the name of its target, or the command that makes one. */
static int refuse_country(const struct catalog *catalog, const struct country *country,
			  const char *nearest, struct bw_err *err)
{
	char code[3] = {(char)tolower((unsigned char)country->code[0]),
			(char)tolower((unsigned char)country->code[1])};
	char *path = NULL;

	if (catalog_find(catalog, code, &path) == 0) {
		free(path);
		return bw_err_set(err, BW_ERR_MISSING,
				  "no target of this name, did you mean '%s' (%s)? Looked in %s",
				  code, country->name, catalog_path(catalog));
	}
	if (is_shipped(code))
		return refuse_shipped(catalog, code, err);
	return bw_err_set(
		err, BW_ERR_MISSING,
		"no target of this name%s%s%s A target of %s is made by: blockwatch targets "
		"build --country %s --delegated FILE --output %s.json, FILE being the "
		"delegated file of its registry. Looked in %s",
		nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : ".",
		country->name, country->code, code, catalog_path(catalog));
}

static int refuse_name(const struct catalog *catalog, const char *name, struct bw_err *err)
{
	const struct country *country = country_guess(name);
	char lower[TARGET_NAME_MAX + 1];
	struct catalog_entries entries;
	struct suggest suggest;
	int result = catalog_list(catalog, &entries);

	if (result < 0)
		return bw_err_set(err, result, "out of memory");
	suggest_init(&suggest, name);
	for (size_t i = 0; i < entries.count; i++)
		suggest_offer(&suggest, entries.list[i].name);
	if (fold_name(name, lower) && is_shipped(lower))
		result = refuse_shipped(catalog, lower, err);
	else if (is_country(country, name) || (country && !suggest.best))
		result = refuse_country(catalog, country, suggest.best, err);
	else if (suggest.best)
		result = bw_err_set(err, BW_ERR_MISSING,
				    "no target of this name, did you mean '%s'? Looked in %s",
				    suggest.best, catalog_path(catalog));
	else
		result = bw_err_set(err, BW_ERR_MISSING,
				    "no target of this name, and no prefix, address or file. "
				    "Looked in %s; 'blockwatch targets list' lists what is there",
				    catalog_path(catalog));
	bw_err_place(err, NULL, 0, 0, name);
	catalog_entries_fini(&entries);
	return result;
}

static int read_name(const struct catalog *catalog, const char *name, struct bw_target **ret_target,
		     struct bw_err *err)
{
	char *path = NULL, lower[TARGET_NAME_MAX + 1];
	int result = BW_ERR_MISSING;

	if (fold_name(name, lower))
		result = catalog_find(catalog, lower, &path);
	if (result == BW_ERR_MISSING)
		return refuse_name(catalog, name, err);
	if (result < 0)
		return bw_err_set(err, result, "out of memory");
	result = catalog_read(path, ret_target, err);
	free(path);
	return result;
}

/* An address is a network of its own: its block is not asked. */
static int make_target(const char *argument, const struct bw_prefix *prefix,
		       struct bw_target **ret_target, struct bw_err *err)
{
	char text[BW_PREFIX_TEXT];
	struct bw_target *target;
	int result;

	bw_prefix_format(prefix, text);
	result = list_parse(text, strlen(text), NULL, &target, err);

	if (result < 0)
		return result;
	target->name = strdup(argument);
	if (!target->name) {
		bw_target_free(target);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	*ret_target = target;
	return 0;
}

/* What begins with a digit may have been meant as a prefix. */
static int read_path(const char *path, struct bw_target **ret_target, struct bw_err *err)
{
	int result = catalog_read(path, ret_target, err);

	if (result != BW_ERR_MISSING || path[0] < '0' || path[0] > '9' || access(path, F_OK) == 0)
		return result;
	bw_err_set(err, result, "no such file, and no prefix or address");
	bw_err_place(err, path, 0, 0, NULL);
	return result;
}

int catalog_resolve(const struct catalog *catalog, const char *argument,
		    struct bw_target **ret_target, struct bw_err *err)
{
	struct bw_prefix prefix;
	int result = bw_prefix_parse(argument, &prefix, err);

	if (result < 0 && (strcmp(argument, "-") == 0 || catalog_is_file(argument)))
		return catalog_read(argument, ret_target, err);
	if (result == BW_ERR_SYNTAX)
		return is_path(argument) ? read_path(argument, ret_target, err)
					 : read_name(catalog, argument, ret_target, err);
	if (result == 0)
		result = make_target(argument, &prefix, ret_target, err);
	if (result < 0)
		bw_err_place(err, NULL, 0, 0, argument);
	return result;
}
