/* SPDX-License-Identifier: ISC */
#include <config.h>

#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/file.h"
#include "flow/check_secrets.h"
#include "tests/support/house.h"

static const struct credential *
credential_of(struct house *house, const char *relayrc)
{
	(void)house_relayrc(house, relayrc);
	cr_assert(house_plan(house), "%s", house->why.what);
	return &house->plan.routes.items[0].hops[0].credential;
}

Test(check_secrets, runs_a_command_once)
{
	struct house *house = house_open();
	const struct credential *credential = credential_of(
	    house, "host a\nuser u\npasswordeval echo x >>%s/asked; echo secret\n");
	struct check_secrets secrets = check_secrets_open(&house->environment, house->arena);
	struct credential other = *credential;
	const struct check_secret *found;
	struct text asked;

	cr_assert(check_secrets_read(&secrets, credential, &found, &house->why));
	cr_expect_str_eq(found->secret.bytes, "secret");
	cr_assert(check_secrets_read(&secrets, &other, &found, &house->why));
	cr_expect_str_eq(found->secret.bytes, "secret");
	cr_assert(file_read(arena_print(house->arena, "%s/asked", house->directory), 100,
	    house->arena, &asked, NULL, &house->why));
	cr_expect_str_eq(asked.bytes, "x\n");
	other.user = "somebody";
	cr_assert(check_secrets_read(&secrets, &other, &found, &house->why));
	cr_expect_eq(secrets.count, 2);
	check_secrets_close(&secrets);
	check_secrets_close(&secrets);
	house_close(house);
}

Test(check_secrets, remembers_what_cannot_be_read)
{
	struct house *house = house_open();
	const struct credential *credential = credential_of(
	    house, "host a\nuser u\npasswordeval echo x >>%s/asked; exit 3\n");
	struct check_secrets secrets = check_secrets_open(&house->environment, house->arena);
	const struct check_secret *found;
	struct text asked;

	for (size_t i = 0; i < 2; i++) {
		struct failure why = { 0 };

		cr_expect_not(check_secrets_read(&secrets, credential, &found, &why));
		cr_expect_eq(why.code, EX_TEMPFAIL);
	}
	cr_assert(file_read(arena_print(house->arena, "%s/asked", house->directory), 100,
	    house->arena, &asked, NULL, &house->why));
	cr_expect_str_eq(asked.bytes, "x\n");
	check_secrets_close(&secrets);
	house_close(house);
}
