"""分级分类监管 and 双随机抽查 (R21): classes by a bureau's rules, draws that can be drawn again."""
