#include "rules/compile/node_list.h"

#include "rules/compile/yaml.h"

#include "test.h"

static void test_a_list_keeps_nodes_in_their_order(void **state) {
    (void)state;
    static const struct yaml_node nodes[1000];
    struct node_list list = {0};
    for (size_t i = 0; i < 1000; i++) assert_int_equal(node_list_add(&list, &nodes[i]), 0);
    assert_int_equal(list.count, 1000);
    for (size_t i = 0; i < 1000; i++) assert_ptr_equal(list.items[i], &nodes[i]);
    node_list_reset(&list);
    assert_int_equal(list.count, 0);
    assert_null(list.items);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_list_keeps_nodes_in_their_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
