/* SPDX-License-Identifier: ISC */
#include <config.h>

#include "flow/tables_notes.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "table/table_warnings.h"

Test(tables_notes, puts_each_complaint_once)
{
	struct arena *arena = arena_open();
	struct buffer complaints = buffer_open(0);
	struct tables_notes notes = { .complaints = &complaints, .told = table_seen_open() };
	struct table_warnings warnings = { .arena = arena };
	struct failure why;

	fail(&why, EX_CONFIG, "wrong");
	tables_notes_complain(&notes, &why);
	tables_notes_complain(&notes, &why);
	cr_expect_eq(notes.status, EX_CONFIG);
	table_warn(&warnings, 7, "odd");
	table_fault(&warnings, 3, "bad");
	tables_notes_warnings(&notes, "t", &warnings);
	tables_notes_warnings(&notes, "t", &warnings);
	(void)buffer_byte(&complaints, '\0');
	cr_expect_str_eq(complaints.bytes,
	    "relay: wrong\nrelay: t:3: bad\n  hint: see relay-tables(5)\n"
	    "relay: t:7: warning: odd\n");
	table_seen_close(&notes.told);
	buffer_close(&complaints);
	arena_close(arena);
}
