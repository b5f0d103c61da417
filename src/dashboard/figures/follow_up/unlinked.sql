-- One row per data cut: laboratory results linked to no patient; a reader of some sites sees none of them.
select count(*) as n_results from unlinked_result
