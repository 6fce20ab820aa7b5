/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "config/import_map.h"

#include "tests/support/imported.h"

static struct imported *imported;

static void
open_imported(void)
{
	imported = imported_open();
}

static void
close_imported(void)
{
	imported_close(imported);
}

TestSuite(import_map, .init = open_imported, .fini = close_imported);

static bool
write_map(const char *value)
{
	const struct import_entry entry = {
		.name = text_of("x_maps"), .value = text_of(value), .place = imported->place
	};

	imported_again(imported);
	return import_map_write(&imported->writer, &entry, SETTING_GENERIC);
}

Test(import_map, takes_the_text_that_a_map_is_made_of)
{
	static const char *const values[] = { "hash:/dev/null", "lmdb:/dev/null", "cdb:/dev/null",
		"btree:/dev/null", "texthash:/dev/null", "proxy:hash:/dev/null", "/dev/null" };

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		cr_assert(write_map(values[i]), "%s", values[i]);
		cr_assert_str_eq(imported_settings(imported), "generic /dev/null", "%s", values[i]);
		cr_assert_str_eq(imported_complaints(imported), "", "%s", values[i]);
	}
}

Test(import_map, refuses_maps_of_another_kind)
{
	static const char *const values[] = { "ldap:/etc/postfix/ldap.cf", "regexp:/etc/postfix/x",
		"inline:{a=b}", "hash:relative", "hash:", "nis:mail.aliases" };

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		cr_assert(!write_map(values[i]), "%s", values[i]);
		cr_assert_str_eq(imported_settings(imported), "", "%s", values[i]);
		cr_assert_not_null(
		    strstr(imported_complaints(imported), "not kept"), "%s", values[i]);
	}
	cr_assert(!write_map(""));
}

Test(import_map, takes_the_first_of_several)
{
	cr_assert(write_map("ldap:/x, hash:/dev/null hash:/dev/zero"));
	cr_assert_str_eq(imported_settings(imported), "generic /dev/null");
	cr_assert_not_null(strstr(imported_complaints(imported), "relay reads the first"));
}

/* Many throw the text away when postmap has read it. */
Test(import_map, tells_how_to_get_the_text_back)
{
	(void)shelf_file(imported->shelf, "gone.db", "");
	cr_assert(write_map(
	    arena_print(imported->shelf->arena, "hash:%s", shelf_path(imported->shelf, "gone"))));
	cr_assert_not_null(strstr(imported_complaints(imported), "postmap -s hash:/"));
	cr_assert(write_map("hash:/nonexistent/generic"));
	cr_assert_not_null(strstr(imported_complaints(imported), "there is no '/nonexistent"));
}

Test(import_map, knows_a_static_one)
{
	struct text value;

	cr_assert(import_map_static(text_of("static:joe:pass word"), &value));
	cr_assert(text_is(value, "joe:pass word"));
	cr_assert(import_map_static(text_of("proxy:static:{ joe:pass }"), &value));
	cr_assert(text_is(value, "joe:pass"));
	cr_assert(!import_map_static(text_of("hash:/x"), &value));
}
