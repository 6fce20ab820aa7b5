# SPDX-License-Identifier: ISC

dist_man_MANS = %D%/relay.1 %D%/relayrc.5 %D%/relay-tables.5
EXTRA_DIST += %D%/ARCHITECTURE
