#! /usr/bin/env -S atf-sh -s /bin/sh
# The kernel's answers against the policy's, on thousands of random trees.  A
# failure prints its seed; NONO_SEED and NONO_TREES choose others.

# shellcheck source=regress/common.sh
. "$(dirname "$0")/common.sh"

# trees WAY FIRST: the answers are right on half of the trees, in that way.
trees()
{
	# outside $HOME: of the names in it the tables speak
	"$SRC/property" "$NONO" "$T" "$1" $((${NONO_SEED:-1} + $2)) \
	    $((${NONO_TREES:-2000} / 2)) >out 2>&1 ||
	    atf_fail "$(head -n 1 out | cut -c 1-300); $(sed 1d out |
	    tr '\n' ';' | cut -c 1-3000)"
}

as_is()
{
	trees "$(view_or view carve)" "$1"
}

carved()
{
	has_view || atf_skip "all is carved here"
	as_if deny unshare EPERM
	trees carve "$1"
}

test_case first "the answers of the kernel are those of the policy"
first_body()
{
	setup
	as_is 0
}

test_case second "so they are on other trees"
second_body()
{
	setup
	as_is 1000
}

test_case first_carved "carving only refuses more, and what the manual says"
first_carved_body()
{
	setup
	carved 0
}

test_case second_carved "so it does on other trees"
second_carved_body()
{
	setup
	carved 1000
}
