/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "table/table_source.h"

#include "tests/support/shelf.h"

/* The settled name, or "!" and the sentence. */
static const char *
settled(struct shelf *shelf, const char *written)
{
	enum table_source_kind kind;
	struct text path;

	if (!table_source_read(text_of(written), &kind, &path, &shelf->why)) {
		cr_expect_eq(shelf->why.code, EX_CONFIG, "%s", written);
		return arena_print(shelf->arena, "!%s", shelf->why.what);
	}
	return table_source_name(kind, text_string(path, shelf->arena), shelf->arena);
}

Test(table_source, reads_what_stands_in_main_cf)
{
	static const struct {
		const char *written;
		const char *name;
	} cases[] = {
		{ "/etc/relay/generic", "/etc/relay/generic" },
		{ "generic", "generic" },
		{ "~/generic", "~/generic" },
		{ "/a file, with blanks", "/a file, with blanks" },
		{ "/a:b", "/a:b" },
		{ "./a:b", "./a:b" },
		{ ":a", ":a" },
		{ "/a b:c", "/a b:c" },
		{ "texthash:/x", "/x" },
		{ "hash:/etc/postfix/generic", "/etc/postfix/generic" },
		{ "hash: /x", "/x" },
		{ "btree:/x", "/x" },
		{ "lmdb:/x", "/x" },
		{ "dbm:/x", "/x" },
		{ "sdbm:/x", "/x" },
		{ "hash:~/x", "~/x" },
		{ "hash:x", "x" },
		{ "hash:./cdb:x", "./cdb:x" },
		{ "proxy:hash:/x", "/x" },
		{ "proxy:cdb:/x", "cdb:/x.cdb" },
		{ "cdb:/x", "cdb:/x.cdb" },
		{ "cdb:/x.cdb", "cdb:/x.cdb" },
		{ "cdb:x", "cdb:x.cdb" },
		{ "cdb:/x.db", "cdb:/x.db.cdb" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct shelf *shelf = shelf_open();

		cr_expect_str_eq(settled(shelf, cases[i].written), cases[i].name, "%s: %s",
		    cases[i].written, settled(shelf, cases[i].written));
		shelf_close(shelf);
	}
}

Test(table_source, refuses_patterns_and_servers_by_name)
{
	/* F209: a pattern that runs for ever is not run at all. */
	static const struct {
		const char *written;
		const char *what;
	} cases[] = {
		{ "regexp:/x", "'regexp:' are not supported: patterns are not matched" },
		{ "pcre:/x", "'pcre:' are not supported: patterns are not matched" },
		{ "proxy:pcre:/x", "'pcre:' are not supported" },
		{ "cidr:/x", "'cidr:' are not supported" },
		{ "ldap:/x", "'ldap:' are not supported: databases and servers" },
		{ "mysql:/x", "'mysql:' are not supported: databases and servers" },
		{ "static:me@isp.example", "'static:' are not supported" },
		{ "inline:{a=b, c=d}", "'inline:' are not supported" },
		{ "nis:mail.aliases", "'nis:' are not supported" },
	};
	struct shelf *shelf = shelf_open();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *answer = settled(shelf, cases[i].written);

		cr_expect(answer[0] == '!' && strstr(answer, cases[i].what) != NULL, "%s: %s",
		    cases[i].written, answer);
		cr_expect_not_null(
		    strstr(shelf->why.hint, "cdb:"), "%s: %s", cases[i].written, shelf->why.hint);
	}
	shelf_close(shelf);
}

Test(table_source, refuses_other_words_before_a_colon)
{
	static const struct {
		const char *written;
		const char *what;
		const char *hint;
	} cases[] = {
		{ "foo:/x", "'foo:' is no type of table", "hash:" },
		{ "HASH:/x", "'HASH:' is no type of table", "hash:" },
		{ "C:table", "'C:' is no type of table", "./C:table" },
		{ "hash:cdb:/x", "'cdb:' is no type of table", "hash:" },
		{ "hash:", "no path stands behind 'hash:'", "" },
		{ "cdb: ", "no path stands behind 'cdb:'", "" },
		{ "proxy:", "no table is named", "" },
	};
	struct shelf *shelf = shelf_open();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *answer = settled(shelf, cases[i].written);

		cr_expect(answer[0] == '!' && strstr(answer, cases[i].what) != NULL, "%s: %s",
		    cases[i].written, answer);
		cr_expect_not_null(strstr(shelf->why.hint, cases[i].hint), "%s: %s",
		    cases[i].written, shelf->why.hint);
	}
	shelf_close(shelf);
}

Test(table_source, refuses_several_tables)
{
	static const char *const cases[] = {
		"hash:/a, hash:/b",
		"hash:/a hash:/b",
		"hash:/a,hash:/b",
		"hash:/a proxy:hash:/b",
		"hash:/etc/aliases, nis:mail.aliases",
		"/a, /b",
		"/a /b",
		"/a ~/b",
		"cdb:/a\thash:/b",
		"hash:/a foo:/b",
	};
	struct shelf *shelf = shelf_open();

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(settled(shelf, cases[i]),
		    "!several tables are named, and one is read", "%s: %s", cases[i],
		    settled(shelf, cases[i]));
	shelf_close(shelf);
}

Test(table_source, tells_where_a_row_stands)
{
	struct shelf *shelf = shelf_open();

	cr_expect_str_eq(table_source_place("/x", 7, shelf->arena), "/x:7");
	cr_expect_str_eq(table_source_place("cdb:/x.cdb", 0, shelf->arena), "/x.cdb");
	cr_expect_eq(table_source_of("/x").kind, TABLE_SOURCE_TEXT);
	cr_expect_eq(table_source_of("cdb:/x.cdb").kind, TABLE_SOURCE_CDB);
	(void)fail(&shelf->why, EX_CONFIG, "x");
	cr_expect(!table_source_at(&shelf->why, "cdb:/x.cdb", 0));
	cr_expect_str_eq(shelf->why.where, "/x.cdb");
	(void)fail(&shelf->why, EX_CONFIG, "x");
	cr_expect(!table_source_at(&shelf->why, "/x", 7));
	cr_expect_str_eq(shelf->why.where, "/x:7");
	shelf_close(shelf);
}
