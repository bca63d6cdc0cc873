// Package wrong has a parameter with an example that its schema refuses.
//
//	@title		Wrong
//	@version	1
package wrong

// wrong serves nothing.
//
//	@Summary	Wrong
//	@ID			wrong
//	@Param		year	path		int	true	"Round"	minimum(2019)	example(1066)
//	@Success	200		{string}	string
//	@Router		/wrong/{year} [get]
func wrong() {}
